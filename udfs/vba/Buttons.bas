Attribute VB_Name = "Buttons"
' What the buttons of this workbook's group do.
Option Explicit
Option Private Module

' Do what this button says.
Public Sub Act(ByVal button As String)
    Select Case button
        Case "Refresh": Refresh
        Case "About": Messages.Tell Connection.Report()
    End Select
End Sub

' Connect to Python anew if that failed or stopped, calculate everything, and say what is missing.
Private Sub Refresh()
    On Error GoTo Failed
    Connection.Renew
    Application.CalculateFull
    Connection.Renewed
    If Not Connection.IsOpen() Then Messages.Tell Connection.Report()
    Exit Sub
Failed:
    Connection.Renewed
    Messages.Tell "Excel did not calculate: " & Err.Description & vbCrLf & _
        "Finish what you are typing, close open dialogs, and press Refresh again."
End Sub
