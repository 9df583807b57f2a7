@echo off
rem Runs Raptor for Java: bin\raptor COMMAND [OPTIONS]. Builds the product on first use; after changes to the sources,
rem delete cli\target to have it built again. RAPTOR_JAVA_OPTS holds further options for the JVM.
setlocal
set "ROOT=%~dp0.."
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" -version >nul 2>&1
if errorlevel 1 (
  echo raptor: no java found; install a JDK 17 or newer, or set JAVA_HOME to one 1>&2
  exit /b 1
)
if not exist "%ROOT%\cli\target\raptor-cli.jar" (
  echo raptor: building the product ^(the first time it may take three minutes, with downloads^) ... 1>&2
  pushd "%ROOT%"
  call mvnw.cmd -q -pl cli -am -DskipTests package 1>&2
  popd
)
if not exist "%ROOT%\cli\target\raptor-cli.jar" (
  echo raptor: the build failed; its messages are above 1>&2
  exit /b 1
)
"%JAVA%" --add-exports java.base/jdk.internal.module=ALL-UNNAMED --enable-native-access=ALL-UNNAMED -XX:+UseG1GC -Xms128m -XX:GCTimeRatio=2 %RAPTOR_JAVA_OPTS% ^
  -cp "%ROOT%\cli\target\raptor-cli.jar" org.blockrecurrent.cli.Main %*
exit /b %ERRORLEVEL%
