package dev.nametag.hostsim.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.values.reference.V8ValueArrayBuffer;
import com.caoccao.javet.values.reference.V8ValueObject;
import dev.nametag.hostsim.engine.LinearMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The memory of an instance, seen through the ArrayBuffer that {@code memory.buffer} is at the
 * moment: a growing memory gets another one. Only the module grows its memory, so that the view
 * holds from one run of the module to the next.
 */
final class V8Memory implements LinearMemory {

  private Optional<V8ValueObject> memory = Optional.empty();
  private Optional<ByteBuffer> view = Optional.empty();

  void attach(V8ValueObject memory) {
    this.memory = Optional.of(memory);
  }

  /** Drops the view; the next access takes a new one. */
  void mayHaveGrown() {
    view = Optional.empty();
  }

  @Override
  public long size() {
    return view().capacity();
  }

  @Override
  public byte[] read(int address, int length) {
    byte[] bytes = new byte[length];
    view().get(address, bytes);
    return bytes;
  }

  @Override
  public void write(int address, byte[] bytes) {
    view().put(address, bytes);
  }

  @Override
  public int readInt(int address) {
    return view().getInt(address);
  }

  @Override
  public void writeInt(int address, int value) {
    view().putInt(address, value);
  }

  @Override
  public void writeLong(int address, long value) {
    view().putLong(address, value);
  }

  private ByteBuffer view() {
    if (view.isEmpty()) {
      try (V8ValueArrayBuffer buffer = memory.orElseThrow().get("buffer")) {
        view = Optional.of(buffer.getByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
      } catch (JavetException e) {
        throw new IllegalStateException("the memory has no buffer", e);
      }
    }
    return view.get();
  }
}
