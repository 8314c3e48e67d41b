// Stands in for a class of androidx.test:monitor that Robolectric calls and Maven Central does not hold.
package androidx.test.internal.runner.lifecycle;

import android.app.Activity;
import androidx.test.runner.lifecycle.ActivityLifecycleCallback;
import androidx.test.runner.lifecycle.ActivityLifecycleMonitor;
import androidx.test.runner.lifecycle.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

public final class ActivityLifecycleMonitorImpl implements ActivityLifecycleMonitor {
  private final List<ActivityLifecycleCallback> callbacks = new CopyOnWriteArrayList<>();
  private final Map<Activity, Stage> stages = new WeakHashMap<>();

  @Override
  public void addLifecycleCallback(ActivityLifecycleCallback callback) {
    if (!callbacks.contains(callback)) callbacks.add(callback);
  }

  @Override
  public void removeLifecycleCallback(ActivityLifecycleCallback callback) {
    callbacks.remove(callback);
  }

  @Override
  public synchronized Stage getLifecycleStageOf(Activity activity) {
    Stage stage = stages.get(activity);
    if (stage == null) throw new IllegalArgumentException("unknown activity: " + activity);
    return stage;
  }

  @Override
  public synchronized Collection<Activity> getActivitiesInStage(Stage stage) {
    List<Activity> found = new ArrayList<>();
    for (Map.Entry<Activity, Stage> e : stages.entrySet()) {
      if (e.getValue() == stage) found.add(e.getKey());
    }
    return found;
  }

  public void signalLifecycleChange(Stage stage, Activity activity) {
    synchronized (this) {
      stages.put(activity, stage);
    }
    for (ActivityLifecycleCallback callback : callbacks) {
      callback.onActivityLifecycleChanged(activity, stage);
    }
  }
}
