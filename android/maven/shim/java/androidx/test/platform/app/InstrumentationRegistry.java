// Stands in for a class of androidx.test:monitor that Robolectric calls and Maven Central does not hold.
// Written for this project: only what Robolectric 4.17 calls. The real classes are in
// androidx.test:monitor, which the Gradle build uses instead of this folder.
package androidx.test.platform.app;

import android.app.Instrumentation;
import android.os.Bundle;
import java.util.concurrent.atomic.AtomicReference;

public final class InstrumentationRegistry {
  private static final AtomicReference<Instrumentation> INSTRUMENTATION = new AtomicReference<>();
  private static final AtomicReference<Bundle> ARGUMENTS = new AtomicReference<>();

  private InstrumentationRegistry() {}

  public static Instrumentation getInstrumentation() {
    Instrumentation it = INSTRUMENTATION.get();
    if (it == null) throw new IllegalStateException("no instrumentation registered");
    return it;
  }

  public static Bundle getArguments() {
    Bundle it = ARGUMENTS.get();
    if (it == null) throw new IllegalStateException("no arguments registered");
    return new Bundle(it);
  }

  public static void registerInstance(Instrumentation instrumentation, Bundle arguments) {
    INSTRUMENTATION.set(instrumentation);
    ARGUMENTS.set(new Bundle(arguments));
  }
}
