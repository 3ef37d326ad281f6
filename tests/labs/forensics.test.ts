import { provesItself } from './proofs.ts';

provesItself('forensics');
