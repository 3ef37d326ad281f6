import { provesItself } from './proofs.ts';

provesItself('governor');
