; The installer for Windows: a bundle and the plug-ins, for the user who runs it, without an administrator's rights.
; installer.py runs makensis with VERSION, KIND, BUNDLE, OUTPUT and SIZE (KiB), and LISTS: a folder with install.nsh and
; uninstall.nsh, which name each file and folder of the bundle. What is not in the lists is never removed.
;
;     photochrom-VERSION-lite-windows-amd64.exe /S [/NOPLUGINS] [/D=C:\FOLDER]      without windows
;     uninstall.exe /S [/PURGE]                                                     settings, history and logs go too

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetDateSave off
RequestExecutionLevel user
ManifestDPIAware true

!include MUI2.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include LogicLib.nsh

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Photochrom"

Name "Photochrom ${VERSION}"
OutFile "${OUTPUT}"
; The plug-ins look for an engine there.
InstallDir "$LOCALAPPDATA\Programs\Photochrom"
InstallDirRegKey HKCU "${KEY}" InstallLocation
BrandingText "Photochrom ${VERSION} (${KIND})"

VIProductVersion "${NUMBERS}"
VIAddVersionKey ProductName "Photochrom"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installs Photochrom"
VIAddVersionKey CompanyName "The Photochrom contributors"
VIAddVersionKey LegalCopyright "GPL-3.0-or-later"

!define MUI_ABORTWARNING
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${BUNDLE}/LICENSE"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English
!insertmacro MUI_LANGUAGE German

LangString Upgrading ${LANG_ENGLISH} "Upgrading Photochrom $1 to ${VERSION}. Models and settings stay as they are."
LangString Upgrading ${LANG_GERMAN} "Photochrom $1 wird auf ${VERSION} aktualisiert. Modelle und Einstellungen bleiben, wie sie sind."
LangString Downgrading ${LANG_ENGLISH} "Going back from Photochrom $1 to the older ${VERSION}. Models and settings stay as they are, also those that only the newer version understands."
LangString Downgrading ${LANG_GERMAN} "Photochrom $1 wird durch die ältere Version ${VERSION} ersetzt. Modelle und Einstellungen bleiben, auch solche, die nur die neuere versteht."
LangString NoPlugins ${LANG_ENGLISH} "The engine is installed, the plug-ins are not. Later: photochrom plugin install"
LangString NoPlugins ${LANG_GERMAN} "Das Programm ist installiert, die Erweiterungen der Editoren nicht. Später: photochrom plugin install"
LangString StillThere ${LANG_ENGLISH} "The plug-ins could not be removed. Close the editors, then try again. Nothing else was changed."
LangString StillThere ${LANG_GERMAN} "Die Erweiterungen der Editoren konnten nicht entfernt werden. Schließen Sie die Editoren, und versuchen Sie es noch einmal. Sonst wurde nichts geändert."
LangString Foreign ${LANG_ENGLISH} "There are files in $INSTDIR that this installer did not put there. Choose another folder."
LangString Foreign ${LANG_GERMAN} "In $INSTDIR liegen Dateien, die nicht von diesem Installationsprogramm stammen. Wählen Sie einen anderen Ordner."

; Of the version that is there: its number into $1, "" for none.
Function FindInstalled
  StrCpy $1 ""
  ${If} ${FileExists} "$INSTDIR\uninstall.exe"
    ReadRegStr $1 HKCU "${KEY}" DisplayVersion
  ${EndIf}
FunctionEnd

Section
  Call FindInstalled
  ${If} $1 != ""
    ${VersionCompare} $1 ${VERSION} $2
    ${If} $2 == 1
      DetailPrint $(Downgrading)
    ${Else}
      DetailPrint $(Upgrading)
    ${EndIf}
    nsExec::ExecToLog '"$INSTDIR\photochrom.exe" stop'
    Pop $0
    ; Where it is, so that this waits for it. The plug-ins stay: they are replaced below.
    ExecWait '"$INSTDIR\uninstall.exe" /S /REPLACE _?=$INSTDIR'
  ${ElseIf} ${FileExists} "$INSTDIR\*.*"
    ${DirState} $INSTDIR $0
    ${If} $0 == 1
      MessageBox MB_OK|MB_ICONSTOP $(Foreign) /SD IDOK
      SetErrorLevel 2
      Abort $(Foreign)
    ${EndIf}
  ${EndIf}

  !include /CHARSET=UTF8 "${LISTS}/install.nsh"
  SetOutPath $INSTDIR
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${KEY}" DisplayName "Photochrom"
  WriteRegStr HKCU "${KEY}" DisplayVersion "${VERSION}"
  WriteRegStr HKCU "${KEY}" Publisher "The Photochrom contributors"
  WriteRegStr HKCU "${KEY}" InstallLocation $INSTDIR
  WriteRegStr HKCU "${KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" EstimatedSize ${SIZE}
  WriteRegDWORD HKCU "${KEY}" NoModify 1
  WriteRegDWORD HKCU "${KEY}" NoRepair 1

  ${GetParameters} $2
  ClearErrors
  ${GetOptions} $2 "/NOPLUGINS" $3
  ${If} ${Errors}
    nsExec::ExecToLog '"$INSTDIR\photochrom.exe" plugin install'
    Pop $0
    ${If} $0 != 0
      DetailPrint $(NoPlugins)
    ${EndIf}
  ${EndIf}
SectionEnd

Section Uninstall
  ${GetParameters} $2
  ClearErrors
  ${GetOptions} $2 "/REPLACE" $3
  ${If} ${Errors}
    StrCpy $4 ""
    ClearErrors
    ${GetOptions} $2 "/PURGE" $3
    ${IfNot} ${Errors}
      StrCpy $4 " --purge"
    ${EndIf}
    ; It ends the engine, too.
    nsExec::ExecToLog '"$INSTDIR\photochrom.exe" plugin remove$4'
    Pop $0
    ${If} $0 != 0
      MessageBox MB_OK|MB_ICONSTOP $(StillThere) /SD IDOK
      SetErrorLevel 2
      Abort $(StillThere)
    ${EndIf}
  ${EndIf}
  SetOutPath $TEMP ; a folder that is in use would not go
  !include /CHARSET=UTF8 "${LISTS}/uninstall.nsh"
  Delete "$INSTDIR\uninstall.exe"
  RMDir $INSTDIR
  DeleteRegKey HKCU "${KEY}"
SectionEnd
