import { ByteReader } from './byte-cursor.ts';

/** SizeOfXLogRecord (xlogrecord.h). */
export const RECORD_HEADER_SIZE = 24;

/** RelFileLocator (relfilelocator.h): the files of a relation. */
export interface RelFileLocator {
  readonly tablespace: number;
  readonly database: number;
  readonly relNumber: number;
}

/** A page that a record changes. */
export interface BlockReference {
  readonly id: number;
  readonly fork: number;
  readonly relation: RelFileLocator;
  readonly block: number;
  /** Bytes of the full-page image that the record carries; 0 without one. */
  readonly imageLength: number;
  readonly data: Uint8Array;
}

export interface RecordBody {
  readonly blocks: readonly BlockReference[];
  /** Id of the replication origin that the change came from; 0 for none. */
  readonly origin: number;
  /** The top-level transaction, where the first record of a subtransaction tells it; 0 elsewhere. */
  readonly toplevelXid: number;
  /** The last bytes of the record. */
  readonly mainData: Uint8Array;
}

/** Ids of what is no block (XLR_BLOCK_ID_* in xlogrecord.h). */
const BlockId = { toplevelXid: 252, origin: 253, dataLong: 254, dataShort: 255 } as const;

const ForkFlag = { forkMask: 0x0f, hasImage: 0x10, sameRelation: 0x80 } as const;
const IMAGE_HAS_HOLE = 0x01;
const IMAGE_COMPRESSED = 0x04 | 0x08 | 0x10;

/** Takes a record apart, as DecodeXLogRecord does (xlogreader.c). */
export function readBody(record: Uint8Array): RecordBody {
  const reader = new ByteReader(record);
  reader.skip(RECORD_HEADER_SIZE);
  const headers: BlockHeader[] = [];
  let origin = 0;
  let toplevelXid = 0;
  let mainLength = 0;
  let dataLength = 0;
  while (reader.offset + dataLength < record.length) {
    const id = reader.uint8();
    if (id === BlockId.dataShort || id === BlockId.dataLong) {
      mainLength = id === BlockId.dataShort ? reader.uint8() : reader.uint32();
      break;
    }
    if (id === BlockId.origin) origin = reader.uint16();
    else if (id === BlockId.toplevelXid) toplevelXid = reader.uint32();
    else {
      const header = readBlockHeader(reader, id, headers.at(-1));
      headers.push(header);
      dataLength += header.imageLength + header.dataLength;
    }
  }
  const blocks = headers.map(({ dataLength, ...block }) => {
    reader.skip(block.imageLength);
    return { ...block, data: reader.bytes(dataLength) };
  });
  return { blocks, origin, toplevelXid, mainData: reader.bytes(mainLength) };
}

type BlockHeader = Omit<BlockReference, 'data'> & { readonly dataLength: number };

function readBlockHeader(
  reader: ByteReader,
  id: number,
  previous: BlockHeader | undefined,
): BlockHeader {
  const flags = reader.uint8();
  const dataLength = reader.uint16();
  const imageLength = flags & ForkFlag.hasImage ? readImageHeader(reader) : 0;
  const relation =
    flags & ForkFlag.sameRelation && previous ? previous.relation : readRelFileLocator(reader);
  return {
    id,
    fork: flags & ForkFlag.forkMask,
    relation,
    block: reader.uint32(),
    imageLength,
    dataLength,
  };
}

function readImageHeader(reader: ByteReader): number {
  const length = reader.uint16();
  reader.skip(2); // hole_offset
  const info = reader.uint8();
  if (info & IMAGE_HAS_HOLE && info & IMAGE_COMPRESSED) reader.skip(2); // hole_length
  return length;
}

export function readRelFileLocator(reader: ByteReader): RelFileLocator {
  return { tablespace: reader.uint32(), database: reader.uint32(), relNumber: reader.uint32() };
}
