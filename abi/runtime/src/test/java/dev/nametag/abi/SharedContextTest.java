package dev.nametag.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Root contexts whose streams share one context, several in a VM. */
class SharedContextTest {
  private final List<String> ended = new ArrayList<>();
  private final Map<Integer, Integer> numbers = new HashMap<>();
  private int roots;
  private final Dispatcher dispatcher = new Dispatcher(null, host -> new Root(++roots));

  @Test
  void aStreamEndsInItsRoot() {
    start(1);
    dispatcher.onContextCreate(2, 1);

    assertThat(dispatcher.onContextCreateHeapFree(1)).isTrue();
    end(2);

    assertThat(ended).containsExactly("1:2");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void hundredsOfOpenStreamsOfSeveralRootsAreKeptApart(long seed) {
    Random random = new Random(seed);
    start(1);
    start(2);
    start(3);
    List<int[]> open = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int id = 10; id < 5_000; id++) {
      int root = 1 + random.nextInt(3);
      dispatcher.onContextCreate(id, root);
      open.add(new int[] {id, root});
      if (open.size() == 400) {
        int[] stream = open.remove(random.nextInt(open.size()));
        end(stream[0]);
        expected.add(stream[1] + ":" + stream[0]);
      }
    }

    assertThat(ended).isEqualTo(expected);
  }

  @Test
  void streamsFromBeforeTheConfigurationEndInTheirRootToo() {
    dispatcher.onContextCreate(1, 0);
    dispatcher.onContextCreate(2, 1);
    dispatcher.onConfigure(1, 0);

    end(2);

    assertThat(ended).containsExactly("own:2");
  }

  @Test
  void whenTheFirstRootIsGoneItsStreamsAreNobodys() {
    start(1);
    start(2);
    dispatcher.onContextCreate(10, 1);
    dispatcher.onContextCreate(11, 2);
    dispatcher.onDelete(1);

    end(10);
    end(11);

    assertThat(ended).containsExactly("2:11");
  }

  @Test
  void whenTheFirstRootAndItsStreamsAreGoneTheNextOneTakesItsPlace() {
    start(1);
    start(2);
    dispatcher.onContextCreate(10, 1);
    dispatcher.onContextCreate(11, 2);
    dispatcher.onDelete(1);
    dispatcher.onContextCreate(12, 2);
    assertThat(dispatcher.onContextCreateHeapFree(2)).isFalse();

    end(10);
    dispatcher.onContextCreate(13, 2);
    assertThat(dispatcher.onContextCreateHeapFree(2)).isTrue();
    for (int stream = 11; stream <= 13; stream++) {
      end(stream);
    }

    assertThat(ended).containsExactly("2:11", "2:12", "2:13");
    assertThat(dispatcher.onDeleteHeapFree(14)).isTrue();
    assertThat(dispatcher.onDeleteHeapFree(2)).isFalse();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void streamsEndInTheirRootsWhileRootsComeAndGo(long seed) {
    Random random = new Random(seed);
    start(1);
    List<Integer> live = new ArrayList<>(List.of(1));
    List<int[]> open = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    int next = 2;
    for (int step = 0; step < 20_000; step++) {
      int choice = random.nextInt(100);
      if (choice < 2) {
        start(next);
        // Roots are numbered as they come; ids of contexts are not.
        numbers.put(next, roots);
        live.add(next++);
      } else if (choice < 4 && live.size() > 1) {
        // As Envoy does it: a root context goes when its streams have gone.
        int root = live.get(0);
        if (open.stream().noneMatch(stream -> stream[1] == root)) {
          dispatcher.onDelete(live.remove(0));
        }
      } else if (choice < 53) {
        // The youngest gets the streams, as after a change of configuration.
        int root = random.nextInt(4) == 0 ? live.get(0) : live.get(live.size() - 1);
        dispatcher.onContextCreate(next, root);
        open.add(new int[] {next++, root});
      } else if (!open.isEmpty()) {
        int[] stream = open.remove(random.nextInt(open.size()));
        end(stream[0]);
        expected.add(numbers.getOrDefault(stream[1], 1) + ":" + stream[0]);
      }
    }

    assertThat(roots).isGreaterThan(100);
    assertThat(ended).isEqualTo(expected);
  }

  @Test
  void aStreamOfAnUnknownRootIsNobodys() {
    start(1);
    dispatcher.onContextCreate(10, 77);

    end(10);

    assertThat(ended).isEmpty();
  }

  private void start(int root) {
    dispatcher.onContextCreate(root, 0);
    dispatcher.onConfigure(root, 0);
  }

  private void end(int stream) {
    dispatcher.onLog(stream);
    dispatcher.onDone(stream);
    dispatcher.onDelete(stream);
  }

  private final class Root extends RootContext {
    private final int number;

    Root(int number) {
      this.number = number;
    }

    @Override
    public HttpContext createHttpContext(int contextId) {
      // The first root has one of its own only before it is configured.
      return number == 1 ? noting("own") : sharedHttpContext();
    }

    @Override
    public HttpContext sharedHttpContext() {
      return noting(Integer.toString(number));
    }

    private HttpContext noting(String name) {
      return new HttpContext() {
        @Override
        public void onLog(int contextId) {
          ended.add(name + ":" + contextId);
        }
      };
    }
  }
}
