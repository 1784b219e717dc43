Attribute VB_Name = "Windows"
' Windows as our module Activation sees it: an environment, a settings file, DLLs, and what the DLL of xlwings does.
Option Explicit

Private settings As String ' lines "key=value"
Private loads As Boolean ' whether DLLs load
Private refusals As Long ' how many servers are no longer there
Private versions As String ' what the server says of itself
Private started As String ' the last entry that was to start
Private deaths As Long ' how many calls Python does not survive
Private work As Long ' how often the settings file was read, a DLL was loaded, Python was started

Public Sub Arrange(settingsFile, dllLoads, stopped, serverVersions, Optional dying)
    deaths = 0
    If Not IsMissing(dying) Then deaths = dying
    work = 0
    settings = settingsFile
    loads = dllLoads
    refusals = stopped
    versions = serverVersions
    started = ""
End Sub

' Everything asked of Windows since the last time.
Public Function Worked()
    Worked = work
    work = 0
End Function

Public Function Dies()
    Dies = (deaths > 0)
    If Dies Then deaths = deaths - 1
End Function

Public Function GetEnvironmentVariableW(variableName, buffer, size)
    GetEnvironmentVariableW = Filled(buffer, "C:\Users\" & variableName)
End Function

Public Function GetPrivateProfileStringW(section, key, otherwise, buffer, size, path)
    Dim entry
    Dim value As String
    work = work + 1
    If path = "C:\Users\LOCALAPPDATA\xlsales\excel.ini" And section = "xlsales" Then
        For Each entry In Split(settings, vbLf)
            If Left(entry, Len(key) + 1) = key & "=" Then value = Mid(entry, Len(key) + 2)
        Next
    End If
    GetPrivateProfileStringW = Filled(buffer, value)
End Function

Public Function LoadLibraryW(path)
    work = work + 1
    If loads Then LoadLibraryW = 1 Else LoadLibraryW = 0
End Function

Public Function XLPyDLLActivateAuto(result, config, mode)
    Dim server As Object
    work = work + 1
    started = config
    If refusals > 0 Then
        refusals = refusals - 1
        result = "Could not activate Python COM server, hr = -2147023174"
        XLPyDLLActivateAuto = 1
    ElseIf versions = "" Then
        result = "Could not create Python process."
        XLPyDLLActivateAuto = 1
    Else
        Set server = New FoundServer
        server.Versions = versions
        Set result = server
    End If
End Function

' "" or the problem, with the entry that was to start.
Public Function Outcome()
    Dim problem As String
    Dim found As Object
    Set found = Activation.Server(problem)
    Outcome = "[" & started & "] " & problem
    If found Is Nothing And problem = "" Then Outcome = "Neither a server nor a problem."
    If Not (found Is Nothing) And problem <> "" Then Outcome = "Both a server and a problem."
End Function

Private Function Filled(buffer, value)
    buffer = value & Mid(buffer, Len(value) + 1)
    Filled = Len(value)
End Function
