// Stands in for a class of androidx.test:monitor that Robolectric calls and Maven Central does not hold.
package androidx.test.runner.lifecycle;

import android.app.Application;

public interface ApplicationLifecycleCallback {
  void onApplicationLifecycleChanged(Application app, ApplicationStage stage);
}
