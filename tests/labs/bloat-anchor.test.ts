import { provesItself } from './proofs.ts';

provesItself('bloat-anchor');
