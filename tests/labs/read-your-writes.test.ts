import { provesItself } from './proofs.ts';

provesItself('read-your-writes');
