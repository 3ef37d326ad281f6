import { provesItself } from './proofs.ts';

provesItself('honest-lag-alert');
