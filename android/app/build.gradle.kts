// For Android Studio: the app as pom.xml builds it, from the same sources, resources and bindings.
// Before it: mobile-bindings/generate for the bindings, cargo-ndk for the device's libraries (see README.md).

import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
}

val generated = rootProject.file("target/android")

android {
    namespace = "org.courtyard.app"
    compileSdk = 34

    defaultConfig {
        applicationId = "org.courtyard.app"
        minSdk = 26
        targetSdk = 34
        versionCode = 1
        versionName = "0.1.0"
        ndk { abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64") }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_1_8
        targetCompatibility = JavaVersion.VERSION_1_8
    }

    sourceSets.getByName("main").kotlin.srcDir(generated.resolve("core"))

    testOptions.unitTests {
        isIncludeAndroidResources = true
        all {
            it.systemProperty("jna.library.path", generated.resolve("core/lib").path)
            it.systemProperty("screenshot.dir", generated.resolve("screenshots").path)
            it.systemProperty("courtyard.binary", rootProject.file("../target/debug/courtyard").path)
            it.systemProperty("robolectric.pixelCopyRenderMode", "hardware")
        }
    }
}

kotlin.compilerOptions.jvmTarget.set(JvmTarget.JVM_1_8)

dependencies {
    implementation("net.java.dev.jna:jna:5.18.1@aar")
    testImplementation("net.java.dev.jna:jna:5.18.1")
    testImplementation("junit:junit:4.13.2")
    testImplementation("org.robolectric:robolectric:4.17")
}
