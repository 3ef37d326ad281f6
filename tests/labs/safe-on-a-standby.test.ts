import { provesItself } from './proofs.ts';

provesItself('safe-on-a-standby');
