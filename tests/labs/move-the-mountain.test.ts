import { provesItself } from './proofs.ts';

provesItself('move-the-mountain');
