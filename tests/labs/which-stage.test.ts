import { provesItself } from './proofs.ts';

provesItself('which-stage');
