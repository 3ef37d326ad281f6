import { provesItself } from './proofs.ts';

provesItself('prune-or-fan-out');
