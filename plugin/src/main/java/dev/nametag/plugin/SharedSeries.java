package dev.nametag.plugin;

import dev.nametag.abi.HostBytes;
import dev.nametag.abi.HostcallException;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.Utf8;
import dev.nametag.abi.memory.MemoryMap;
import dev.nametag.naming.LabelValue;

/**
 * The label sets that have names of their own, the same in all VMs of a proxy: a list in the host's
 * shared data, to which each VM adds and from which it takes over what others have added. Only a
 * label set that a VM has not seen before costs anything.
 *
 * <p>The list lies in pages, each a {@link Page} under a key of its own. A page is changed only as
 * a whole and only if nobody else has changed it meanwhile, so there is one order of label sets for
 * all VMs, and the budget ends at the same one everywhere.
 *
 * <p>Without shared data, or if somebody else writes under our keys, the VM goes on by itself, with
 * the budget for itself.
 */
final class SharedSeries {
  private static final int MAX_ATTEMPTS = 100;
  private static final String HEX = "0123456789abcdef";

  private final Hostcalls host;
  private final SelfMetrics self;
  private final SeriesBudget budget;
  private final MemoryMap map;
  private final int[] metricsOf;
  private final String prefix;
  private final HostBytes value = new HostBytes();
  private final Page page;
  private final int scratch;

  private boolean available = true;
  private int pageNumber;
  // The number of the page's last change that this VM has seen; 0 if there is no such page.
  private int cas;

  /**
   * @param configuration its text: another one is another list
   * @param metricsOf how many metrics each kind of label set has, by its number; 0 behind the last
   * @param scratch where a key can be put, of {@code maxKeyBytes}
   */
  SharedSeries(
      Hostcalls host,
      SelfMetrics self,
      SeriesBudget budget,
      MemoryMap map,
      String configuration,
      int[] metricsOf,
      int scratch,
      int maxKeyBytes) {
    this.host = host;
    this.self = self;
    this.budget = budget;
    this.map = map;
    this.metricsOf = metricsOf;
    this.scratch = scratch;
    this.page = new Page(maxKeyBytes);
    this.prefix =
        "nametag/series/2/"
            + pluginName()
            + "/"
            + hex(LabelValue.of(Utf8.encode(configuration)).hash());
  }

  private String pluginName() {
    try {
      return host.getProperty(PropertyPath.of("plugin_name"), value) ? value.text() : "";
    } catch (HostcallException e) {
      return "";
    }
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
    }
    return text.toString();
  }

  /**
   * Returns where what belongs to a label set lies, after adding it if it is new to all VMs; 0 if
   * there is no room for it. When memory is full, there is no room for others either.
   */
  int add(SeriesKey key) {
    try {
      return addIfNew(key);
    } catch (OutOfMemoryError e) {
      budget.close();
      return 0;
    }
  }

  private int addIfNew(SeriesKey key) {
    int hash = key.hash();
    for (int attempt = 0; available && attempt < MAX_ATTEMPTS; attempt++) {
      takeOver();
      int known = map.find(key.address(), key.size(), hash);
      if (known != 0) {
        return known;
      }
      if (!available) {
        break;
      }
      if (!hasRoom(key)) {
        return 0;
      }
      if (append(key)) {
        page.added();
        self.addSeries();
        return addToMap(key.address(), key.size(), hash);
      }
    }
    if (available || !hasRoom(key)) {
      return 0;
    }
    int added = addToMap(key.address(), key.size(), hash);
    if (added != 0) {
      self.addSeries();
    }
    return added;
  }

  private boolean hasRoom(SeriesKey key) {
    return budget.hasRoom(key.size(), metricsOf[SeriesKey.labelSet(key.address())]);
  }

  private int addToMap(int address, int size, int hash) {
    int metrics = metricsOf[SeriesKey.labelSet(address)];
    int added = map.add(address, size, hash, metrics * LabelSet.ID);
    if (added == 0) {
      budget.close();
    } else {
      budget.take(size, metrics);
    }
    return added;
  }

  /** Adds to the map what other VMs have added to the list. */
  private void takeOver() {
    try {
      boolean more = true;
      while (more) {
        int now = host.getSharedData(keyOf(pageNumber), value);
        if (now == 0 ? cas != 0 : !page.read(value)) {
          leave("something else than label sets is there");
          return;
        }
        cas = now;
        if (cas == 0) {
          page.clear();
        } else if (!takeOverPage()) {
          leave("what is there is no label set");
          return;
        }
        more = page.isClosed();
        if (more) {
          pageNumber++;
          cas = 0;
          page.clear();
        }
      }
    } catch (HostcallException e) {
      leave(e.getMessage());
    }
  }

  private boolean takeOverPage() {
    while (page.hasNext()) {
      int size = page.nextTo(scratch);
      if (!SeriesKey.isKey(scratch, size) || metricsOf(SeriesKey.labelSet(scratch)) == 0) {
        return false;
      }
      int hash = SeriesKey.hash(scratch, size);
      if (map.find(scratch, size, hash) == 0) {
        int ignored = addToMap(scratch, size, hash);
      }
    }
    return true;
  }

  private int metricsOf(int labelSet) {
    return labelSet < 0 || labelSet >= metricsOf.length ? 0 : metricsOf[labelSet];
  }

  /** Adds to the list; returns false if another VM was faster, or if this one goes on by itself. */
  private boolean append(SeriesKey key) {
    try {
      boolean fits = page.add(key);
      if (!fits) {
        page.close();
      }
      int expected = cas == 0 ? Hostcalls.ONLY_IF_ABSENT : cas;
      return host.setSharedData(keyOf(pageNumber), page.toBytes(), expected) && fits;
    } catch (HostcallException e) {
      leave(e.getMessage());
      return false;
    }
  }

  private void leave(String reason) {
    available = false;
    host.log(
        LogLevel.WARN,
        "label sets are not shared with other workers, the budget is for each of them: " + reason);
  }

  private byte[] keyOf(int number) {
    return Utf8.encode(prefix + "/" + number);
  }
}
