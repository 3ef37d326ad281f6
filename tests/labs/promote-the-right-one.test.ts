import { provesItself } from './proofs.ts';

provesItself('promote-the-right-one');
