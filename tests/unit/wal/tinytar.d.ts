declare module 'tinytar' {
  interface Entry {
    readonly name: string;
    readonly mode: number;
    readonly size: number;
    readonly type: string;
    readonly modifyTime: number;
    readonly data: Uint8Array;
  }
  const tinytar: {
    untar(archive: Uint8Array): Entry[];
    tar(entries: readonly Entry[]): Uint8Array<ArrayBuffer>;
  };
  export default tinytar;
}
