import { provesItself } from './proofs.ts';

provesItself('survive-one-standby');
