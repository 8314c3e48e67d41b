#!/bin/sh
# Puts a debug-signed APK together from what the Maven build left behind.
# usage: build-apk.sh OUT_DIR CLASSES_DIR ANDROID_JAR R8_JAR MIN_SDK JNI_DIR
#   OUT_DIR/resources.apk   from gen-res.sh
#   OUT_DIR/libs/*.jar      runtime jars, without JNA's desktop jar
#   OUT_DIR/jna.aar         JNA for Android: classes.jar and jni/ABI/*.so
#   JNI_DIR/ABI/*.so        the core for Android (cargo-ndk); may be missing
set -eu
out=$1 classes=$2 android=$3 r8=$4 min=$5 jni=$6
core=libcourtyard_mobile.so
work=$out/apk
rm -rf "$work"
mkdir -p "$work/dex" "$work/root/lib" "$work/jna"
(cd "$work/jna" && jar --extract --file "$out/jna.aar")

(cd "$classes" && jar --create --file "$work/app.jar" .)
java -Xmx768m -cp "$r8" com.android.tools.r8.D8 --debug --min-api "$min" \
    --lib "$android" --output "$work/dex" \
    "$work/app.jar" "$out"/libs/*.jar "$work/jna/classes.jar"

cp "$work"/dex/*.dex "$work/root/"
for abi in arm64-v8a armeabi-v7a x86_64; do
    if [ -f "$jni/$abi/$core" ]; then
        mkdir -p "$work/root/lib/$abi"
        cp "$jni/$abi/$core" "$work/jna/jni/$abi/libjnidispatch.so" "$work/root/lib/$abi/"
    else
        echo "build-apk: no core for $abi in $jni: left out" >&2
    fi
done
rmdir "$work/root/lib" 2>/dev/null || true

cp "$out/resources.apk" "$work/unaligned.apk"
(cd "$work/root" && zip -q -r ../unaligned.apk .)
zipalign -f -p 4 "$work/unaligned.apk" "$work/unsigned.apk"

key=$out/debug.keystore
[ -f "$key" ] || keytool -genkeypair -keystore "$key" -storepass android -alias debug \
    -keyalg RSA -keysize 2048 -validity 10000 -dname "CN=Debug" 2>/dev/null
apksigner sign --ks "$key" --ks-pass pass:android --ks-key-alias debug \
    --min-sdk-version "$min" --out "$out/app-debug.apk" "$work/unsigned.apk"
echo "build-apk: $out/app-debug.apk"
