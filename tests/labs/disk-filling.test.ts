import { provesItself } from './proofs.ts';

provesItself('disk-filling');
