// Stands in for a class of androidx.test:monitor that Robolectric calls and Maven Central does not hold.
package androidx.test.runner.intent;

import android.app.Instrumentation;
import android.content.Intent;

public interface IntentStubber {
  Instrumentation.ActivityResult getActivityResultForIntent(Intent intent);
}
