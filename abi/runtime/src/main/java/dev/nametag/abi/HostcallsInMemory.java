package dev.nametag.abi;

import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.RawHostcalls;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Any host, for code that does without objects; for the JVM. Values lie in a ring, so that a value
 * stays until many more have been read; large ones each in a block, which is given back when others
 * of 64 MiB have been read.
 */
final class HostcallsInMemory extends RawHostcalls {
  private static final int RING_BYTES = 1 << 18;
  private static final int LARGE = RING_BYTES / 16;
  private static final int LARGE_BYTES = 64 << 20;

  private record Block(int address, int size) {}

  private final Hostcalls host;
  private final HostBytes value = new HostBytes();
  private final int ring = Blocks.allocate(RING_BYTES);
  private final Deque<Block> large = new ArrayDeque<>();
  private long largeBytes;
  private int top;
  private int address;
  private int size;

  HostcallsInMemory(Hostcalls host) {
    this.host = host;
  }

  @Override
  public int getProperty(int path, int pathSize) {
    try {
      PropertyPath wanted = PropertyPath.ofBytes(Blocks.toArray(path, pathSize));
      return shown(host.getProperty(wanted, value));
    } catch (HostcallException e) {
      return e.result().code();
    }
  }

  @Override
  public int getHeaderMapValue(int map, int name, int nameSize) {
    try {
      byte[] wanted = Blocks.toArray(name, nameSize);
      return shown(host.getHeaderMapValue(MapType.of(map), wanted, value));
    } catch (HostcallException e) {
      return e.result().code();
    }
  }

  private int shown(boolean found) {
    if (!found) {
      return NOT_FOUND;
    }
    size = value.length();
    if (size > LARGE) {
      address = large(size + Long.BYTES);
    } else {
      if (size + Long.BYTES > RING_BYTES - top) {
        top = 0;
      }
      address = ring + top;
      top += size + Long.BYTES;
    }
    Memory.copyIn(value.array(), value.offset(), size, address);
    return OK;
  }

  private int large(int bytes) {
    largeBytes += bytes;
    while (largeBytes > LARGE_BYTES && !large.isEmpty()) {
      Block oldest = large.remove();
      Blocks.free(oldest.address, oldest.size);
      largeBytes -= oldest.size;
    }
    Block block = new Block(Blocks.allocate(bytes), bytes);
    large.add(block);
    return block.address;
  }

  @Override
  public int incrementMetric(int metricId, long offset) {
    try {
      host.incrementMetric(metricId, offset);
      return OK;
    } catch (HostcallException e) {
      return e.result().code();
    }
  }

  @Override
  public int recordMetric(int metricId, long value) {
    try {
      host.recordMetric(metricId, value);
      return OK;
    } catch (HostcallException e) {
      return e.result().code();
    }
  }

  @Override
  public int valueAddress() {
    return address;
  }

  @Override
  public int valueSize() {
    return size;
  }

  @Override
  public boolean lacksRoom() {
    return false;
  }

  @Override
  public void makeRoom() {
    throw new IllegalStateException("there is room for everything");
  }
}
