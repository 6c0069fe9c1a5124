@echo off
rem Runs Psoas on Windows. The first call makes .venv beside this file; later calls start at once.
setlocal
set "PYTHON=python"
where py >nul 2>nul && set "PYTHON=py -3"
%PYTHON% "%~dp0scripts\launch.py" %*
exit /b %errorlevel%
