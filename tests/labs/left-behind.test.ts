import { provesItself } from './proofs.ts';

provesItself('left-behind');
