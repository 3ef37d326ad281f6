import { provesItself } from './proofs.ts';

provesItself('pick-the-level');
