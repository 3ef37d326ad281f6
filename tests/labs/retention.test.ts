import { provesItself } from './proofs.ts';

provesItself('retention');
