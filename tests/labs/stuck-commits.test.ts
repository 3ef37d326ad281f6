import { provesItself } from './proofs.ts';

provesItself('stuck-commits');
