Attribute VB_Name = "Activation"
' Starts Python through the DLL of xlwings, as the settings of this computer say. Only in Excel for Windows.
Option Explicit
Option Private Module

Private Const XLSALES_VERSION As String = "@XLSALES_VERSION@"
Private Const XLWINGS_VERSION As String = "@XLWINGS_VERSION@"
Private Const VERSIONS As String = "xlwings " & XLWINGS_VERSION & ", xlsales " & XLSALES_VERSION
Private Const INSTALL As String = "In a terminal run: xlsales addin install"
Private Const DOCTOR As String = "In a terminal run: xlsales addin doctor. Then: Refresh, on the tab Formulas."

Private losses As Long ' how often the server has stopped

#If Mac Then
#Else
Private Const LONGEST As Long = 32767 ' characters of a path or a setting
Private Const STOPPED As String = "-2147023174" ' in what the DLL says of a server that is no longer there
Private Const MOST_LOSSES As Long = 20

' W, because paths may have letters that the ANSI functions lose.
Private Declare PtrSafe Function GetEnvironmentVariableW Lib "kernel32" _
    (ByVal variableName As LongPtr, ByVal buffer As LongPtr, ByVal size As Long) As Long
Private Declare PtrSafe Function GetPrivateProfileStringW Lib "kernel32" _
    (ByVal section As LongPtr, ByVal key As LongPtr, ByVal otherwise As LongPtr, _
    ByVal buffer As LongPtr, ByVal size As Long, ByVal path As LongPtr) As Long
Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr

' Windows finds the DLL by its name alone once it is loaded.
#If Win64 Then
Private Const DLL_SETTING As String = "dll64"
Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings64-@XLWINGS_VERSION@.dll" _
    (ByRef result As Variant, ByVal config As String, ByVal mode As Long) As Long
#Else
Private Const DLL_SETTING As String = "dll32"
Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings32-@XLWINGS_VERSION@.dll" _
    (ByRef result As Variant, ByVal config As String, ByVal mode As Long) As Long
#End If
#End If

' The server has stopped: the next one is another.
Public Sub Lost()
    losses = losses + 1
End Sub

#If Mac Then

' Nothing; "problem" says why.
Public Function Server(ByRef problem As String) As Object
    problem = "The sales functions work in Excel for Windows; here they show #VALUE!."
    Set Server = Nothing
End Function

' The versions.
Public Function Details() As String
    Details = "Made for " & VERSIONS & "."
End Function

#Else

' Python's server; Nothing where "problem" says why not.
Public Function Server(ByRef problem As String) As Object
    Dim found As Variant
    On Error GoTo Failed
    problem = Missing()
    If problem <> "" Then Exit Function
    problem = Start(found)
    If problem <> "" Then Exit Function
    problem = Disagreement(found.Str(found.GetAttr(found.Module("sales_udfs"), "VERSIONS")))
    If problem = "" Then Set Server = found
    Exit Function
Failed:
    problem = "Python is not connected. " & DOCTOR & vbCrLf & Left$(Err.Description, 500)
End Function

' Start the server, or find it where another workbook has started it; says why not.
Private Function Start(ByRef found As Variant) As String
    Dim commandLine As String
    Dim i As Long
    ' The DLL starts this line as it is, without cmd.exe, with an identifier of its own in place of $(CLSID).
    commandLine = Quoted(Setting("interpreter")) & " -B " & Quoted(Setting("server")) & " $(CLSID)"
    ' It never starts a line again whose server has stopped: one more space makes it another line.
    For i = losses To losses + MOST_LOSSES
        If XLPyDLLActivateAuto(found, commandLine & Space$(i), 1) = 0 Then Exit Function
        If InStr(found, STOPPED) = 0 Then Exit For
    Next i
    Start = "Python did not start. " & DOCTOR & vbCrLf & Left$(found, 500)
End Function

' The versions, and where the settings and the log are.
Public Function Details() As String
    Details = "Made for " & VERSIONS & "." & vbCrLf & "Python: " & Setting("interpreter") & vbCrLf & _
        "Settings: " & Folder() & "excel.ini" & vbCrLf & "Log: " & Folder() & "xlsales.log"
End Function

' What is missing on this computer; "" where all is there. Loads the DLL.
Private Function Missing() As String
    Dim path As String
    If Setting("interpreter") = "" Or Setting("server") = "" Then
        Missing = "The sales functions need Python and xlsales on this computer. " & INSTALL
        Exit Function
    End If
    Missing = Disagreement("xlwings " & Setting("xlwings") & ", xlsales " & Setting("xlsales"))
    If Missing <> "" Then Exit Function
    path = Setting(DLL_SETTING)
    If path <> "" Then
        If LoadLibraryW(StrPtr(path)) <> 0 Then Exit Function
    End If
    Missing = "The DLL of xlwings for this Excel (" & DLL_SETTING & ") is not there: " & path & vbCrLf & INSTALL
End Function

' What to do where other versions are installed than those that this workbook was made for; "" otherwise.
Private Function Disagreement(ByVal installed As String) As String
    If installed = VERSIONS Then Exit Function
    Disagreement = "Installed: " & installed & ". Made for: " & VERSIONS & "." & vbCrLf
    If ThisWorkbook.IsAddin Then
        Disagreement = Disagreement & "Close Excel. " & INSTALL
    Else
        Disagreement = Disagreement & "Make this workbook again with what is installed, or install what it needs: " & _
            "python -m pip install xlsales==" & XLSALES_VERSION & vbCrLf & INSTALL
    End If
End Function

Private Function Quoted(ByVal path As String) As String
    Quoted = """" & path & """"
End Function

Private Function Setting(ByVal key As String) As String
    Dim section As String
    Dim path As String
    Dim buffer As String
    section = "xlsales"
    path = Folder() & "excel.ini"
    buffer = String$(LONGEST, vbNullChar)
    Setting = Left$(buffer, GetPrivateProfileStringW( _
        StrPtr(section), StrPtr(key), 0, StrPtr(buffer), LONGEST, StrPtr(path)))
End Function

' Where the settings and the log are.
Private Function Folder() As String
    Dim variableName As String
    Dim buffer As String
    variableName = "LOCALAPPDATA"
    buffer = String$(LONGEST, vbNullChar)
    Folder = Left$(buffer, GetEnvironmentVariableW(StrPtr(variableName), StrPtr(buffer), LONGEST)) & "\xlsales\"
End Function

#End If
