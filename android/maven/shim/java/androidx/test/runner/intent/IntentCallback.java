// Stands in for a class of androidx.test:monitor that Robolectric calls and Maven Central does not hold.
package androidx.test.runner.intent;

import android.content.Intent;

public interface IntentCallback {
  void onIntentSent(Intent intent);
}
