/** Pids of the two processes of a connection: a walsender here, a walreceiver there. */
export const walsenderPid = (connection: number): number => 50 + 2 * connection;
export const walreceiverPid = (connection: number): number => 51 + 2 * connection;
