// Stands in for a class of androidx.test:monitor that Robolectric calls and Maven Central does not hold.
package androidx.test.runner.lifecycle;

import java.util.concurrent.atomic.AtomicReference;

public final class ActivityLifecycleMonitorRegistry {
  private static final AtomicReference<ActivityLifecycleMonitor> INSTANCE = new AtomicReference<>();

  private ActivityLifecycleMonitorRegistry() {}

  public static ActivityLifecycleMonitor getInstance() {
    ActivityLifecycleMonitor it = INSTANCE.get();
    if (it == null) throw new IllegalStateException("no monitor registered");
    return it;
  }

  public static void registerInstance(ActivityLifecycleMonitor monitor) {
    INSTANCE.set(monitor);
  }
}
