package dev.nametag.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Root contexts whose streams share one context, several in a VM. */
class SharedContextTest {
  private final List<String> ended = new ArrayList<>();
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
