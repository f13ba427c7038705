package dev.nametag.plugin;

import dev.nametag.abi.Dispatcher;
import dev.nametag.abi.HostcallException;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.Utf8;
import dev.nametag.abi.WasmResult;
import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.RawHostcalls;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.Pseudonym;

/**
 * One value of the current stream, a label's or what a metric measures, read at most once.
 *
 * <p>Of a value longer than the bound only so much is kept as is written into names: its beginning
 * and its hash, so that the size of a key is bounded whatever a caller sends.
 *
 * <p>A value that cannot be read is absent: the request is counted nevertheless. The first time is
 * logged, not every time, since the cause can come with every request.
 */
final class ValueReader {
  /** What is kept of a long value beside its beginning. */
  static final int HASH_BYTES = 16;

  private static final int KIND_BITS = 3;

  private static final int UNREAD = 0;

  /** Only {@link #readInJava} can tell; then the label is to be asked again. */
  static final int IN_JAVA = 1;

  /** There is no value. */
  static final int ABSENT = 2;

  /** There is one. */
  static final int PRESENT = 3;

  /** There is one that is longer than the bound: its beginning, then its hash. */
  static final int LONG = 4;

  private final Hostcalls host;
  private final RawHostcalls raw;
  private final Stream stream;
  private final String what;
  private final ValueSource source;
  // The source if it is one of these, as it usually is: a call of it need not be looked up.
  private final IdentityValue identity;
  private final int maxBytes;

  /** Shows the value that has been read, or what is kept of it. */
  final Window value = new Window();

  /**
   * What a key says of the value that has been read before its bytes: its size and kind, which is
   * {@link #ABSENT} if there is none.
   */
  int head;

  private int state = UNREAD;
  // For which reading of which stream the state holds.
  private int readFor = -1;
  private int longFor = -1;
  private int found;
  private boolean failedBefore;
  // Whether something may have been read that holds for more than one reading.
  private boolean keeps;

  // Where what is kept of a long value lies, 0 until there is one, and such a value whole.
  private int shortened;
  private LabelValue whole;

  // Null if the value itself is shown.
  private final Pseudonym pseudonym;

  // Whether the value is a list whose elements are read one by one; if so where it lies, 0 if that
  // is not known, and which element is read.
  private final boolean isList;
  private int list;
  // For which stream: its elements lie in memory of our own.
  private int listFor = -1;
  private int element;

  /** Whether the value is the same for all streams. */
  final boolean constant;

  ValueReader(
      Hostcalls host,
      RawHostcalls raw,
      Stream stream,
      String what,
      ValueSource source,
      int maxBytes) {
    this(host, raw, stream, what, source, maxBytes, false, null);
  }

  /** Reads a label; with {@code isList} the source gives an {@link ElementTable}. */
  ValueReader(
      Hostcalls host,
      RawHostcalls raw,
      Stream stream,
      String what,
      ValueSource source,
      int maxBytes,
      boolean isList,
      Pseudonym pseudonym) {
    this.isList = isList;
    this.pseudonym = pseudonym;
    this.stream = stream;
    this.host = host;
    this.raw = raw;
    this.what = what;
    this.source = source;
    this.identity = source instanceof IdentityValue value ? value : null;
    this.maxBytes = maxBytes;
    this.constant = source instanceof ConstantValue;
    keeps = constant || isList;
    if (constant && read() == IN_JAVA) {
      readInJava();
    }
  }

  /** Returns how many bytes the value has of which a key says this. */
  static int sizeOf(int head) {
    return head >>> KIND_BITS;
  }

  /** Forgets what was read for another stream, or lay where the host may write since. */
  @HeapFree
  private void begin() {
    readFor = stream.readings;
    if (state != LONG || longFor != stream.number) {
      state = UNREAD;
    }
    if (isList && listFor != stream.number) {
      list = 0;
      element = 0;
    }
  }

  /** Reads this element of a list from now on, from 0. */
  @HeapFree
  void select(int index) {
    if (readFor != stream.readings) {
      begin();
    }
    if (element != index) {
      element = index;
      state = UNREAD;
    }
  }

  /** Returns how many elements the list has that is being read, 1 if it is none or not yet read. */
  @HeapFree
  int elements() {
    return list == 0 || listFor != stream.number ? 1 : ElementTable.count(list);
  }

  /** Returns what is known of the value, as the numbers above. */
  @HeapFree
  int read() {
    int reading = stream.readings;
    if (readFor == reading || keeps) {
      if (readFor != reading && !constant) {
        begin();
      }
      if (state > IN_JAVA) {
        return state;
      }
    }
    readFor = reading;
    state = UNREAD;
    found = isList ? readElement() : identity == null ? source.read(value) : identity.read(value);
    if (found == ValueSource.FOUND) {
      state = value.size > maxBytes ? IN_JAVA : PRESENT;
      head = value.size << KIND_BITS | PRESENT;
      return state;
    }
    head = ABSENT;
    if (found == ValueSource.NONE) {
      state = ABSENT;
    } else if (found == ValueSource.FAILED && failedBefore && !raw.lacksRoom()) {
      stream.marks |= Stream.FAILED;
      state = ABSENT;
    } else {
      state = IN_JAVA;
    }
    return state;
  }

  @HeapFree
  private int readElement() {
    if (list == 0) {
      int read = source.read(value);
      if (read != ValueSource.FOUND) {
        return read;
      }
      list = value.address;
      listFor = stream.number;
    }
    ElementTable.element(list, element, value);
    return ValueSource.FOUND;
  }

  /** Does what {@link #read} cannot do. Returns whether all labels are to be read again. */
  boolean readInJava() {
    if (found == ValueSource.FOUND) {
      shorten();
      return false;
    }
    state = UNREAD;
    if (found == ValueSource.IN_JAVA) {
      stream.inJava.get(value.inJava).readInJava(value);
      return false;
    }
    if (raw.lacksRoom()) {
      raw.makeRoom();
      return true;
    }
    failedBefore = true;
    stream.marks |= Stream.FAILED;
    giveUp();
    host.log(
        LogLevel.WARN,
        what
            + " could not be read and counts as absent, further times are not logged: "
            + Dispatcher.describe(
                new HostcallException("proxy_get_property", WasmResult.of(value.failure))));
    return false;
  }

  /** Counts as absent in this stream, since {@link #readInJava} failed. */
  void giveUp() {
    state = ABSENT;
    head = ABSENT;
  }

  private void shorten() {
    whole = LabelValue.of(Blocks.toArray(value.address, value.size));
    byte[] hash = whole.hash();
    if (shortened == 0) {
      shortened = stream.region.allocate(maxBytes + hash.length);
    }
    byte[] start = Blocks.toArray(value.address, maxBytes);
    Memory.copyIn(start, 0, maxBytes, shortened);
    Memory.copyIn(hash, 0, hash.length, shortened + maxBytes);
    value.address = shortened;
    value.size = maxBytes + hash.length;
    state = LONG;
    head = value.size << KIND_BITS | LONG;
    longFor = stream.number;
    keeps = true;
  }

  /** Returns where the value lies, or what is kept of it. */
  @HeapFree
  int address() {
    return value.address;
  }

  /** Returns how many bytes lie there. */
  @HeapFree
  int size() {
    return value.size;
  }

  /** Returns what the label shows of the value that has been read: all of it, or its pseudonym. */
  LabelValue toLabelValue() {
    LabelValue read =
        switch (state) {
          case PRESENT -> LabelValue.of(Blocks.toArray(value.address, value.size));
          case LONG -> whole;
          default -> LabelValue.ABSENT;
        };
    return pseudonym == null || read.isAbsent()
        ? read
        : LabelValue.of(Utf8.encode(pseudonym.of(read.toBytes())));
  }
}
