package dev.nametag.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DispatcherTest {
  private static final int ROOT = 1;
  private static final int STREAM = 2;

  private final List<String> log = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();

  /** What a callback can throw. */
  private enum Thrown {
    RUNTIME_EXCEPTION("IllegalStateException: no luck"),
    WITHOUT_MESSAGE("NullPointerException"),
    ERROR("AssertionError: never so"),
    STACK_OVERFLOW("StackOverflowError");

    private final String shown;

    Thrown(String shown) {
      this.shown = "java.lang." + shown;
    }

    /** Never returns. */
    boolean fail() {
      switch (this) {
        case RUNTIME_EXCEPTION -> throw new IllegalStateException("no luck");
        case WITHOUT_MESSAGE -> throw new NullPointerException();
        case ERROR -> throw new AssertionError("never so");
        case STACK_OVERFLOW -> throw new StackOverflowError();
      }
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource(Thrown.class)
  void whateverACallbackThrowsIsLoggedAndTheRequestGoesOn(Thrown thrown) {
    Dispatcher dispatcher = dispatcher(host -> new Failing(thrown, true));

    dispatcher.onContextCreate(ROOT, 0);
    assertThat(dispatcher.onVmStart(ROOT, 0)).isTrue();
    assertThat(dispatcher.onConfigure(ROOT, 0)).isTrue();
    dispatcher.onContextCreate(STREAM, ROOT);
    dispatcher.onLog(STREAM);
    assertThat(dispatcher.onDone(STREAM)).isTrue();
    dispatcher.onDelete(STREAM);

    assertThat(log)
        .containsExactly(
            "ERROR proxy_on_vm_start: " + thrown.shown,
            "ERROR proxy_on_configure: " + thrown.shown,
            "ERROR proxy_on_log: " + thrown.shown,
            "ERROR proxy_on_done: " + thrown.shown,
            "ERROR proxy_on_delete: " + thrown.shown);
  }

  @ParameterizedTest
  @EnumSource(Thrown.class)
  void aFilterThatProtectsSomethingRefusesWhenItFails(Thrown thrown) {
    Dispatcher dispatcher = dispatcher(host -> new Failing(thrown, false));
    dispatcher.onContextCreate(ROOT, 0);

    assertThat(dispatcher.onVmStart(ROOT, 0)).isFalse();
    assertThat(dispatcher.onConfigure(ROOT, 0)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Thrown.class)
  void aRootContextThatCannotBeMadeIsLoggedAndItsStreamsPass(Thrown thrown) {
    Dispatcher dispatcher =
        dispatcher(
            host -> {
              thrown.fail();
              return null;
            });

    dispatcher.onContextCreate(ROOT, 0);
    assertThat(dispatcher.onConfigure(ROOT, 0)).isTrue();
    dispatcher.onContextCreate(STREAM, ROOT);
    dispatcher.onLog(STREAM);
    assertThat(dispatcher.onDone(STREAM)).isTrue();

    assertThat(log).containsExactly("ERROR proxy_on_context_create: " + thrown.shown);
  }

  @ParameterizedTest
  @EnumSource(Thrown.class)
  void aStreamContextThatCannotBeMadeIsLoggedAndTheStreamPasses(Thrown thrown) {
    Dispatcher dispatcher =
        dispatcher(
            host ->
                new RootContext() {
                  @Override
                  public HttpContext createHttpContext(int contextId) {
                    thrown.fail();
                    return null;
                  }
                });
    dispatcher.onContextCreate(ROOT, 0);

    dispatcher.onContextCreate(STREAM, ROOT);
    dispatcher.onLog(STREAM);
    assertThat(dispatcher.onDone(STREAM)).isTrue();
    dispatcher.onDelete(STREAM);

    assertThat(log).containsExactly("ERROR proxy_on_context_create: " + thrown.shown);
  }

  @Test
  void callbacksGoToTheContextWithTheirId() {
    Dispatcher dispatcher = dispatcher(host -> new Recording());

    dispatcher.onContextCreate(ROOT, 0);
    dispatcher.onVmStart(ROOT, 3);
    dispatcher.onConfigure(ROOT, 4);
    dispatcher.onContextCreate(STREAM, ROOT);
    dispatcher.onLog(STREAM);
    dispatcher.onDone(STREAM);
    dispatcher.onDelete(STREAM);

    assertThat(calls)
        .containsExactly("vm start 3", "configure 4", "create 2", "log 2", "done 2", "delete 2");
  }

  @Test
  void whatVmStartConfigureAndDoneReturnIsHandedOn() {
    Dispatcher dispatcher =
        dispatcher(
            host ->
                new RootContext() {
                  @Override
                  public boolean onVmStart(int vmConfigurationSize) {
                    return false;
                  }

                  @Override
                  public boolean onConfigure(int pluginConfigurationSize) {
                    return false;
                  }

                  @Override
                  public HttpContext createHttpContext(int contextId) {
                    return new HttpContext() {
                      @Override
                      public boolean onDone(int contextId) {
                        return false;
                      }
                    };
                  }
                });
    dispatcher.onContextCreate(ROOT, 0);
    dispatcher.onContextCreate(STREAM, ROOT);

    assertThat(dispatcher.onVmStart(ROOT, 0)).isFalse();
    assertThat(dispatcher.onConfigure(ROOT, 0)).isFalse();
    assertThat(dispatcher.onDone(STREAM)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, -1, Integer.MIN_VALUE})
  void callbacksForAnUnknownContextDoNothing(int unknown) {
    Dispatcher dispatcher = dispatcher(host -> new Recording());
    dispatcher.onContextCreate(ROOT, 0);

    assertThat(dispatcher.onVmStart(unknown, 0)).isTrue();
    assertThat(dispatcher.onConfigure(unknown, 0)).isTrue();
    dispatcher.onLog(unknown);
    assertThat(dispatcher.onDone(unknown)).isTrue();
    dispatcher.onDelete(unknown);

    assertThat(calls).isEmpty();
    assertThat(log).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"7", "-1", "2"})
  void aStreamWhoseParentIsNoRootContextPasses(int parent) {
    Dispatcher dispatcher = dispatcher(host -> new Recording());
    dispatcher.onContextCreate(ROOT, 0);
    dispatcher.onContextCreate(STREAM, ROOT);
    calls.clear();

    dispatcher.onContextCreate(3, parent);
    dispatcher.onLog(3);
    assertThat(dispatcher.onDone(3)).isTrue();
    dispatcher.onDelete(3);

    assertThat(calls).isEmpty();
    assertThat(log).isEmpty();
  }

  @Test
  void aContextIsDeletedOnce() {
    Dispatcher dispatcher = dispatcher(host -> new Recording());
    dispatcher.onContextCreate(ROOT, 0);
    dispatcher.onContextCreate(STREAM, ROOT);
    calls.clear();

    dispatcher.onDelete(STREAM);
    dispatcher.onDelete(STREAM);
    dispatcher.onLog(STREAM);

    assertThat(calls).containsExactly("delete 2");
  }

  @Test
  void aDeletedIdCanBeGivenToAnotherStream() {
    Dispatcher dispatcher = dispatcher(host -> new Recording());
    dispatcher.onContextCreate(ROOT, 0);
    dispatcher.onContextCreate(STREAM, ROOT);
    dispatcher.onDelete(STREAM);
    calls.clear();

    dispatcher.onContextCreate(STREAM, ROOT);
    dispatcher.onLog(STREAM);

    assertThat(calls).containsExactly("create 2", "log 2");
  }

  @Test
  void streamsOfADeletedRootContextStillEnd() {
    Dispatcher dispatcher = dispatcher(host -> new Recording());
    dispatcher.onContextCreate(ROOT, 0);
    dispatcher.onContextCreate(STREAM, ROOT);
    calls.clear();

    dispatcher.onDelete(ROOT);
    dispatcher.onContextCreate(3, ROOT);
    dispatcher.onLog(3);
    dispatcher.onLog(STREAM);

    assertThat(calls).containsExactly("log 2");
  }

  private Dispatcher dispatcher(Dispatcher.RootFactory factory) {
    return new Dispatcher(new LoggingHost(), factory);
  }

  private final class Recording extends RootContext {
    @Override
    public boolean onVmStart(int vmConfigurationSize) {
      return calls.add("vm start " + vmConfigurationSize);
    }

    @Override
    public boolean onConfigure(int pluginConfigurationSize) {
      return calls.add("configure " + pluginConfigurationSize);
    }

    @Override
    public HttpContext createHttpContext(int contextId) {
      calls.add("create " + contextId);
      return new HttpContext() {
        @Override
        public void onLog(int contextId) {
          calls.add("log " + contextId);
        }

        @Override
        public boolean onDone(int contextId) {
          return calls.add("done " + contextId);
        }

        @Override
        public void onDelete(int contextId) {
          calls.add("delete " + contextId);
        }
      };
    }
  }

  private static final class Failing extends RootContext {
    private final Thrown thrown;
    private final boolean continues;

    Failing(Thrown thrown, boolean continues) {
      this.thrown = thrown;
      this.continues = continues;
    }

    @Override
    public boolean onVmStart(int vmConfigurationSize) {
      return thrown.fail();
    }

    @Override
    public boolean onConfigure(int pluginConfigurationSize) {
      return thrown.fail();
    }

    @Override
    public boolean continuesAfterFailure() {
      return continues;
    }

    @Override
    public HttpContext createHttpContext(int contextId) {
      return new HttpContext() {
        @Override
        public void onLog(int contextId) {
          thrown.fail();
        }

        @Override
        public boolean onDone(int contextId) {
          return thrown.fail();
        }

        @Override
        public void onDelete(int contextId) {
          thrown.fail();
        }
      };
    }
  }

  /** A host that only logs. */
  private final class LoggingHost implements Hostcalls {
    @Override
    public void log(LogLevel level, String message) {
      log.add(level + " " + message);
    }

    @Override
    public boolean getProperty(PropertyPath path, HostBytes value) {
      return false;
    }

    @Override
    public boolean getHeaderMapValue(MapType map, byte[] name, HostBytes value) {
      return false;
    }

    @Override
    public boolean getBufferBytes(BufferType type, int start, int maxSize, HostBytes value) {
      return false;
    }

    @Override
    public int defineMetric(MetricType type, String name) {
      return 0;
    }

    @Override
    public void incrementMetric(int metricId, long offset) {}

    @Override
    public void recordMetric(int metricId, long value) {}

    @Override
    public String environmentVariable(String name) {
      return null;
    }
  }
}
