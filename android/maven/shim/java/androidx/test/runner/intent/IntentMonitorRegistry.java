// Stands in for a class of androidx.test:monitor that Robolectric calls and Maven Central does not hold.
package androidx.test.runner.intent;

import java.util.concurrent.atomic.AtomicReference;

public final class IntentMonitorRegistry {
  private static final AtomicReference<IntentMonitor> INSTANCE = new AtomicReference<>();

  private IntentMonitorRegistry() {}

  public static IntentMonitor getInstance() {
    IntentMonitor it = INSTANCE.get();
    if (it == null) throw new IllegalStateException("no monitor registered");
    return it;
  }

  public static void registerInstance(IntentMonitor monitor) {
    INSTANCE.set(monitor);
  }
}
