import { provesItself } from './proofs.ts';

provesItself('long-report');
