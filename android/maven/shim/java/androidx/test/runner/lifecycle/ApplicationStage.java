// Stands in for a class of androidx.test:monitor that Robolectric calls and Maven Central does not hold.
package androidx.test.runner.lifecycle;

public enum ApplicationStage { PRE_ON_CREATE, CREATED }
