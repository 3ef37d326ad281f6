import { provesItself } from './proofs.ts';

provesItself('undo-the-drop');
