// Stands in for a class of androidx.test:monitor that Robolectric calls and Maven Central does not hold.
package androidx.test.runner.intent;

/** No stubber can be loaded here, so Robolectric never asks for one. */
public final class IntentStubberRegistry {
  private IntentStubberRegistry() {}

  public static boolean isLoaded() {
    return false;
  }

  public static IntentStubber getInstance() {
    throw new IllegalStateException("no stubber loaded");
  }
}
