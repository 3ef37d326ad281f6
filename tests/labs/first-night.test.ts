import { provesItself } from './proofs.ts';

provesItself('first-night');
