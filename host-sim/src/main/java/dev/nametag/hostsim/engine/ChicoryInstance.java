package dev.nametag.hostsim.engine;

import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.Memory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An instance in Chicory. */
final class ChicoryInstance implements Instance {

  private final com.dylibso.chicory.runtime.Instance instance;
  private final LinearMemory memory;
  private final Map<String, ExportedFunction> functions = new HashMap<>();

  ChicoryInstance(com.dylibso.chicory.runtime.Instance instance, List<ModuleExport> exports) {
    this.instance = instance;
    this.memory = new ChicoryMemory(instance.memory());
    for (ModuleExport export : exports) {
      if (export.kind() == ExternKind.FUNCTION) {
        functions.put(export.name(), adapt(instance.export(export.name())));
      }
    }
  }

  @Override
  public void start() {
    try {
      // Not true: Chicory would then call _start, too, which is for the host to do.
      instance.initialize(false);
    } catch (RuntimeException | Error e) {
      throw Traps.of(e);
    }
  }

  @Override
  public Optional<ExportedFunction> function(String name) {
    return Optional.ofNullable(functions.get(name));
  }

  @Override
  public LinearMemory memory() {
    return memory;
  }

  private static ExportedFunction adapt(ExportFunction function) {
    return arguments -> {
      try {
        long[] results = function.apply(arguments);
        return results == null || results.length == 0 ? 0 : results[0];
      } catch (RuntimeException | Error e) {
        throw Traps.of(e);
      }
    };
  }

  /** The memory of the instance; Chicory checks bounds once more. */
  private record ChicoryMemory(Memory memory) implements LinearMemory {

    @Override
    public long size() {
      return (long) memory.pages() * Memory.PAGE_SIZE;
    }

    @Override
    public byte[] read(int address, int length) {
      return length == 0 ? new byte[0] : memory.readBytes(address, length);
    }

    @Override
    public void write(int address, byte[] bytes) {
      if (bytes.length > 0) {
        memory.write(address, bytes);
      }
    }

    @Override
    public int readInt(int address) {
      return memory.readInt(address);
    }

    @Override
    public void writeInt(int address, int value) {
      memory.writeI32(address, value);
    }

    @Override
    public void writeLong(int address, long value) {
      memory.writeLong(address, value);
    }
  }
}
