/** A base backup as pg_basebackup asks a walsender for one: the tar of the data directory, and the server's own manifest. */
import { connect } from 'node:net';
import { DatabaseError, parse, serialize } from 'pg-protocol';
import { type BackendMessage, CopyDataMessage } from 'pg-protocol/dist/messages.js';

/** The first byte of each CopyData message of BASE_BACKUP (protocol-replication.html). */
const Part = { archive: 'n', manifest: 'm', data: 'd', progress: 'p' } as const;

export interface ReceivedBackup {
  readonly tar: Buffer;
  readonly manifest: string;
}

export function receiveBaseBackup(port: number): Promise<ReceivedBackup> {
  const socket = connect({ host: '127.0.0.1', port });
  const parts: { manifest: Buffer[]; tar: Buffer[] } = { manifest: [], tar: [] };
  let into: keyof typeof parts = 'tar';
  let asked = false;
  return new Promise((resolve, reject) => {
    const hear = (message: BackendMessage): void => {
      if (message instanceof DatabaseError) reject(message);
      else if (message instanceof CopyDataMessage) {
        const chunk = Buffer.from(message.chunk);
        const kind = chunk.toString('latin1', 0, 1);
        if (kind === Part.archive) into = 'tar';
        if (kind === Part.manifest) into = 'manifest';
        if (kind === Part.data) parts[into].push(chunk.subarray(1));
      } else if (message.name === 'readyForQuery' && asked) {
        socket.end(serialize.end());
        const [tar, manifest] = [Buffer.concat(parts.tar), Buffer.concat(parts.manifest)];
        resolve({ tar, manifest: manifest.toString('utf8') });
      } else if (message.name === 'readyForQuery') {
        asked = true;
        const options = "LABEL 'monday', CHECKPOINT 'fast', WAIT false, MANIFEST 'yes'";
        socket.write(serialize.query(`BASE_BACKUP (${options})`));
      }
    };
    socket.on('error', reject);
    socket.on('connect', () =>
      socket.write(serialize.startup({ user: 'postgres', replication: 'true' })),
    );
    parse(socket, hear).catch(reject);
  });
}
