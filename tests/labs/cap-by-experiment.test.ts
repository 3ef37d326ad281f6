import { provesItself } from './proofs.ts';

provesItself('cap-by-experiment');
