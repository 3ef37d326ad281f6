import { provesItself } from './proofs.ts';

provesItself('second-night');
