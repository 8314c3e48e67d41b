// Stands in for a class of androidx.test:monitor that Robolectric calls and Maven Central does not hold.
package androidx.test.runner.lifecycle;

import java.util.concurrent.atomic.AtomicReference;

public final class ApplicationLifecycleMonitorRegistry {
  private static final AtomicReference<ApplicationLifecycleMonitor> INSTANCE = new AtomicReference<>();

  private ApplicationLifecycleMonitorRegistry() {}

  public static ApplicationLifecycleMonitor getInstance() {
    ApplicationLifecycleMonitor it = INSTANCE.get();
    if (it == null) throw new IllegalStateException("no monitor registered");
    return it;
  }

  public static void registerInstance(ApplicationLifecycleMonitor monitor) {
    INSTANCE.set(monitor);
  }
}
