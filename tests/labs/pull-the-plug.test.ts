import { provesItself } from './proofs.ts';

provesItself('pull-the-plug');
