import { provesItself } from './proofs.ts';

provesItself('fix-the-fence');
