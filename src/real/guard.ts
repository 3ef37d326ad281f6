/**
 * Clears a workspace when its owner has ended: the owner holds the other end of standard input, which the kernel closes
 * however the owner dies. Run as `node guard.ts FOLDER`.
 */
import { clearWorkspace } from './workspace.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node guard.ts FOLDER');

process.stdin.resume();
process.stdin.once('close', () => clearWorkspace(folder));
